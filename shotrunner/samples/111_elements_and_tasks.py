"""Break a shot down into elements that use an asset, and give each a task."""

from shotrunner.base import Asset, Code, Element, Shot, ShotRunner, Task

ShotRunner.init()
shot = Shot.find_first(shot_code="SC010_0010")
asset = Asset.create(
    {
        "asset_label": "Smoke library",
        "asset_type": "FX",
        "project_id": Shot.find_one(from_=f"/shots/{shot.id}.xml", include="project_id").project_id,
    }
)
skill = Code.find_first(scope="skill", label="Compositing")
for kind in ("plate", "cg"):
    element = Element.create(
        {"label": f"{kind}_bg", "element_type": kind, "shot_id": shot.id, "asset_id": asset.id}
    )
    task = Task.create(
        {"taskable_type": "Element", "taskable_id": element.id, "title": f"comp {kind}", "skill_id": skill.id}
    )
    print(f"{element.label} {element.element_type} {task.title}")
