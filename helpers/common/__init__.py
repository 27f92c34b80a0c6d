"""Files, languages and messages: what no learner needs to open."""
