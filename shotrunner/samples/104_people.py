"""List people with their company, their teams and the projects they are in."""

from shotrunner.base import Company, Member, Project, ShotRunner, User

ShotRunner.init()
company = Company.create({"name": "The house"})
anna = User.create(
    {"login": "anna", "first_name": "Anna", "email": "anna@example.com", "company_id": company.id}
)
Member.create({"user_id": anna.id, "project_id": Project.find_first(code="SAMPLE").id})
for user in User.find(order="login"):
    company_name = user.company.name if user.company else "-"
    codes = [project.code for project in Project.find(from_=f"/users/{user.id}/projects.xml")]
    print(f"{user.login} {user.status} {company_name} {' '.join(codes)}")
