"""Bring a vendor in: the company, a user with a password, and a membership with the vendor's role."""

from shotrunner.base import Company, Member, Project, Role, ShotRunner, User

ShotRunner.init()
project = Project.find_first(code="SAMPLE")
company = Company.create({"name": "Rotoscope Ltd"})
user = User.create(
    {"login": "rosa", "first_name": "Rosa", "password": "to be changed", "company_id": company.id}
)
role = Role.find_first(name="Vendor")
member = Member.create({"user_id": user.id, "project_id": project.id, "role_id": role.id})
print(f"{user.login} of {User.find(user.id).company.name} is member {member.id} as {role.name}")
