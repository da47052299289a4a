"""Text handling on unchanged article texts: paragraphs, boilerplate marks, URLs. Standard library only."""
