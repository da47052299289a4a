"""The review desk: pages and an API over what the database holds, behind a log-in."""
