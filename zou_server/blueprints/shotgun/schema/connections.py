"""The types behind links to many: what their two ends are called, and which rows they are."""

from __future__ import annotations

from collections.abc import Mapping

from zou_server.models.conditions import All, Condition, Op, Where

ENDS: Mapping[str, tuple[str, str]] = {
    # type: the field that the link comes from, and the one that it leads to
    "AppWelcomeUserConnection": ("app_welcome", "user"),
    "AssetBlendshapeConnection": ("asset", "blendshape"),
    "AssetMocapTakeConnection": ("asset", "mocap_take"),
    "AssetShootDayConnection": ("asset", "shoot_day"),
    "BannerUserConnection": ("banner", "user"),
    "CameraMocapTakeConnection": ("camera", "mocap_take"),
    "CutVersionConnection": ("cut", "version"),
    "ElementShotConnection": ("element", "shot"),
    "GroupUserConnection": ("group", "user"),
    "LaunchSceneConnection": ("launch", "scene"),
    "LaunchShotConnection": ("launch", "shot"),
    "MocapTakeRangeShotConnection": ("mocap_take_range", "shot"),
    "PerformerMocapTakeConnection": ("performer", "mocap_take"),
    "PerformerRoutineConnection": ("performer", "routine"),
    "PerformerShootDayConnection": ("performer", "shoot_day"),
    "PhysicalAssetMocapTakeConnection": ("physical_asset", "mocap_take"),
    "PlaylistVersionConnection": ("playlist", "version"),
    "PublishedFileDependency": ("published_file", "dependent_published_file"),
    "ReleaseTicketConnection": ("release", "ticket"),
    "RevisionRevisionConnection": ("source_revision", "dest_revision"),
    "RevisionTicketConnection": ("revision", "ticket"),
    "ShootDaySceneConnection": ("shoot_day", "scene"),
    "ShotShotConnection": ("parent_shot", "shot"),
    "TaskDependency": ("task", "dependent_task"),
    "TicketTicketConnection": ("source_ticket", "dest_ticket"),
}

CASTINGS: Mapping[str, tuple[str, tuple[str, str]]] = {
    # type of a link of casting: our facet, its field for the asset and the one for what uses it
    "AssetAssetConnection": ("EntityLink", ("asset", "parent")),
    "AssetElementConnection": ("EntityLink", ("asset", "element")),
    "AssetSceneConnection": ("EntityLink", ("asset", "scene")),
    "AssetSequenceConnection": ("EntityLink", ("asset", "sequence")),
    "AssetShotConnection": ("EntityLink", ("asset", "shot")),
}


def _uses(kind: str) -> Condition:
    return All((Where("entity_out.kind", Op.EQ, "Asset"), Where("entity_in.kind", Op.EQ, kind)))


NARROWED: Mapping[str, Condition] = {
    "Note": All((Where("parent_id", Op.NULL), Where("reply_to_id", Op.NULL))),
    **{name: _uses(name.removeprefix("Asset").removesuffix("Connection")) for name in CASTINGS},
}
"""Type -> which rows of its facet it is."""
