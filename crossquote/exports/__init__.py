"""What the database holds, for other programs: CSV, JSON lines, Parquet, ClaimReview; to a file or a stream."""
