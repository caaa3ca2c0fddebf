using System.Globalization;
using System.Runtime.Versioning;

namespace UsageLedger.Host.Embedded;

/// <summary>The settings of ours, in a file that postgresql.conf includes; written anew at each start of the server.</summary>
[UnsupportedOSPlatform("windows")]
internal static class ClusterSettings
{
    // Relative to the including file, so the data directory may be moved.
    public const string Include = """

        # Written by the ledger. Lines after this one win.
        include_if_exists '../pg.conf'

        """;

    private const string Text = """
        # Written by the ledger at every start. To override a setting, add it at the end of pg/postgresql.conf.
        cluster_name = 'ledger'
        listen_addresses = '127.0.0.1'
        unix_socket_directories = ''
        password_encryption = 'scram-sha-256'
        max_connections = 200

        # An answer means that the record is on disk.
        fsync = on
        synchronous_commit = on
        full_page_writes = on

        work_mem = 32MB
        maintenance_work_mem = 128MB
        max_wal_size = 4GB
        checkpoint_timeout = 15min
        checkpoint_completion_target = 0.9

        # Else every commit of a new cluster waits now and then while 16 MiB of zeros are written; a full disk stops the server either way.
        wal_init_zero = off

        # A log grows from nothing within minutes; until it is analysed, plans are those of an empty one.
        autovacuum = on
        autovacuum_naptime = 15s

        jit = off

        # The statements of a host that was killed end too, instead of holding what it had locked.
        client_connection_check_interval = 2s

        timezone = 'UTC'
        log_timezone = 'UTC'
        lc_messages = 'C'

        # %e is the SQLSTATE, by which a failed start is judged. Statements and row contents stay out of the log.
        log_line_prefix = '%m [%p] %e '
        log_min_messages = warning
        log_min_error_statement = panic
        log_error_verbosity = terse

        """;

    private const long SharedMbMin = 128;
    private const long SharedMbMax = 4096;
    private const int MemoryShare = 8;

    /// <param name="memoryBytes">What the machine, or the container, has.</param>
    public static void Write(ClusterHome home, bool hasLz4, long memoryBytes) =>
        ReplacedFile.Write(home.Settings, Text + $"wal_compression = {(hasLz4 ? "lz4" : "off")}\n" + SharedBuffers(memoryBytes), ReplacedFile.ReadableByAll);

    /// <summary>
    /// Ids of events come in no order, so each append touches as many pages of their index as it has events: once the index outgrows the buffers,
    /// each of those pages is read and written.
    /// </summary>
    internal static string SharedBuffers(long memoryBytes) => string.Create(
        CultureInfo.InvariantCulture, $"shared_buffers = {Math.Clamp(memoryBytes / MemoryShare / (1024 * 1024), SharedMbMin, SharedMbMax)}MB\n");
}
