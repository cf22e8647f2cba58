"""Everything kept: the database and the files of jobs."""
