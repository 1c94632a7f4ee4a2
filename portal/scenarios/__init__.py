"""Policy rehearsal (规则演练): stories with a clock, driven through the same services as the forms and the worker."""
