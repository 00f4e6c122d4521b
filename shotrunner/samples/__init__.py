"""Sample scripts: 000-099 set-up and utilities, 100 basic, 110 more, 200 integration, 300 real world."""
