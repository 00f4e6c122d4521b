"""Work days: which days are worked on, of the studio, a project or a person."""
