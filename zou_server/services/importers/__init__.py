"""From files that studios have to operations of the pipeline; one file of the folder per kind of row."""
