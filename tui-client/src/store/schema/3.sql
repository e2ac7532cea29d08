-- Of the message before which something is missing: within one millisecond a time says too little.
ALTER TABLE gap ADD COLUMN before TEXT;
