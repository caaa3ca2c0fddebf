namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>What Marten 9 creates for its event store, conjoined tenancy and string streams, and expects to find.</summary>
internal static class MartenTables
{
    public static readonly string[] Columns =
    [
        "mt_event_progression last_seq_id int8 - YES -",
        "mt_event_progression last_updated timestamptz - YES transaction_timestamp()",
        "mt_event_progression name varchar - NO -",
        "mt_events bdata bytea - YES -",
        "mt_events causation_id varchar - YES -",
        "mt_events correlation_id varchar - YES -",
        "mt_events data jsonb - NO -",
        "mt_events headers jsonb - YES -",
        "mt_events id uuid - NO -",
        "mt_events is_archived bool - YES false",
        "mt_events mt_dotnet_type varchar - YES -",
        "mt_events seq_id int8 - NO -",
        "mt_events stream_id varchar - YES -",
        "mt_events tenant_id varchar - YES '*DEFAULT*'::character varying",
        "mt_events timestamp timestamptz - NO now()",
        "mt_events type varchar 500 NO -",
        "mt_events version int8 - NO -",
        "mt_streams created timestamptz - NO now()",
        "mt_streams id varchar - NO -",
        "mt_streams is_archived bool - YES false",
        "mt_streams tenant_id varchar - NO '*DEFAULT*'::character varying",
        "mt_streams timestamp timestamptz - NO now()",
        "mt_streams type varchar - YES -",
        "mt_streams version int8 - YES -",
    ];

    /// <summary>Without the foreign key to mt_streams, which the ledger leaves out and Marten does not miss.</summary>
    public static readonly string[] Keys =
    [
        "mt_streams pkey_mt_streams_tenant_id_id p PRIMARY KEY (tenant_id, id)",
        "mt_events pkey_mt_events_seq_id p PRIMARY KEY (seq_id)",
        "mt_event_progression pk_mt_event_progression p PRIMARY KEY (name)",
    ];

    public static readonly string[] Indexes =
    [
        "idx_mt_events_event_id CREATE UNIQUE INDEX idx_mt_events_event_id ON ledger.mt_events USING btree (id)",
        "pk_mt_event_progression CREATE UNIQUE INDEX pk_mt_event_progression ON ledger.mt_event_progression USING btree (name)",
        "pk_mt_events_stream_and_version CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON ledger.mt_events USING btree (tenant_id, stream_id, version)",
        "pkey_mt_events_seq_id CREATE UNIQUE INDEX pkey_mt_events_seq_id ON ledger.mt_events USING btree (seq_id)",
        "pkey_mt_streams_tenant_id_id CREATE UNIQUE INDEX pkey_mt_streams_tenant_id_id ON ledger.mt_streams USING btree (tenant_id, id)",
    ];
}
