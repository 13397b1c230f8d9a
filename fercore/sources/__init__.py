"""Reading what others made: each reader turns a file, folder or zip into face records, one by one."""
