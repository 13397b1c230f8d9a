"""Writing what others read: each writer turns faces, one by one, into the files of one format."""
