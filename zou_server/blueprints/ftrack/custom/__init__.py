"""ftrack's custom attributes: the studio's custom fields, and the values that rows keep in `data`."""
