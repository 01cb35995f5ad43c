"""What a same-day reserve would do: a history of requests is replayed for each size. Pure: nothing is written."""
