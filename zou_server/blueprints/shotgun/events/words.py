"""Words of the event log that stand for no change of a row."""

LOGGED_IN = "Shotgun_User_Login"
"""The type of the entry that tells of somebody who logged in."""

TOLD = "tool:"
"""What the action of an entry begins with that a tool added."""

PLAIN = "Unlisted_Change"
"""The type of the entry of what this dialect has no word for."""

PLAIN_SENTENCE = "changed something that has no entry here"
