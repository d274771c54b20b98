"""auditapp: case file audits for English children's services."""
