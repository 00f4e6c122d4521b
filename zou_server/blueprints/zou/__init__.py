"""The Zou dialect: REST as gazu and Kitsu speak it, under `/data`, `/auth`, `/actions`, also below `/api`."""
