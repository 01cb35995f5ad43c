"""What `make bench` measures, and how: plain HTTP and plain SQL, with the standard library and psycopg."""
