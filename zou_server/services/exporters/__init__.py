"""From the studio's rows to the files that studios read; one file of the folder per kind of file."""
