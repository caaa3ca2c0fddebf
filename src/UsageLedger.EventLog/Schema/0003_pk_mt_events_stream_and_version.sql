create unique index pk_mt_events_stream_and_version on ledger.mt_events (tenant_id, stream_id, version);
