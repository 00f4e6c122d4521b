"""Call a status otherwise in one project, and add a word that this project alone has."""

from shotrunner.base import Code, Project, ShotRunner

ShotRunner.init()


class ProjectCode(Code):
    """A code as a project calls it."""

    _singular, _plural, _prefix_source = "code", "codes", "/projects/$project_id"


project = Project.find_first(code="SAMPLE")
status = Code.find_first(scope="task_status", code="wip")
mine = ProjectCode.find(status.id, project_id=project.id)
mine.label = "In Arbeit"
mine.save_or_raise()
ProjectCode({"scope": "delivery", "code": "exr", "label": "EXR"}, {"project_id": project.id}).save_or_raise()
for code in ProjectCode.find(project_id=project.id, scope=["task_status", "delivery"]):
    print(f"{code.scope} {code.code} {code.label}")
