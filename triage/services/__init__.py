"""The only writers of assessments, decisions and approvals. All are immutable: what follows is a further row."""
