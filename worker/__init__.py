"""The worker: records what time has done, prints, tells and seals. It decides nothing; it may run twice, late, or be killed."""
