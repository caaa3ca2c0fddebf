using System.Globalization;
using Npgsql;
using UsageLedger.Receiving;

namespace UsageLedger.Host;

/// <summary>Everything that can be configured, by environment or appsettings. <c>Ledger__DataDir</c> in the environment is <c>Ledger:DataDir</c> here.</summary>
public sealed record LedgerSettings
{
    public const string ConnectionStringName = "ConnectionStrings:Ledger";
    public const string DataDirName = "Ledger:DataDir";
    public const string MasterKeyFileName = "Ledger:MasterKeyFile";
    public const string SigningKeyFileName = "Ledger:SigningKeyFile";
    public const string PostgresBinName = "Ledger:PostgresBin";
    public const string OriginName = "Ledger:Origin";
    public const string UrlsName = "Ledger:Urls";
    public const string RequestsPerSecondName = "Ledger:RateLimit:RequestsPerSecond";
    public const string BurstName = "Ledger:RateLimit:Burst";
    public const string LogFormatName = "Ledger:LogFormat";
    public const string LogLevelName = "Ledger:LogLevel";
    public const string AllowLoopbackSourcesName = "Ledger:AllowLoopbackSources";

    public const string TrustedProxiesName = "Ledger:TrustedProxies";

    /// <summary>OpenTelemetry's own name; its exporter reads this and what else the standard names from the environment.</summary>
    public const string TelemetryEndpointName = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public const string DefaultUrls = "http://127.0.0.1:5080";
    private const string DefaultDataDir = ".ledger";
    private const string DefaultOrigin = "usageledger";

    private static readonly string[] Names =
    [
        ConnectionStringName, DataDirName, MasterKeyFileName, SigningKeyFileName, PostgresBinName, OriginName, UrlsName,
        RequestsPerSecondName, BurstName, LogFormatName, LogLevelName, AllowLoopbackSourcesName, TrustedProxiesName, TelemetryEndpointName,
    ];

    /// <summary>The names as environment variables.</summary>
    public static IReadOnlyList<string> EnvironmentNames { get; } = [.. Names.Select(name => name.Replace(":", "__", StringComparison.Ordinal))];

    /// <summary>Null: the embedded PostgreSQL in <see cref="DataDir"/>.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Relative to the working directory.</summary>
    public string DataDir { get; init; } = DefaultDataDir;

    public required string MasterKeyFile { get; init; }

    public required string SigningKeyFile { get; init; }

    public string? PostgresBin { get; init; }

    /// <summary>The first line of every checkpoint: the log's name.</summary>
    public string Origin { get; init; } = DefaultOrigin;

    public string Urls { get; init; } = DefaultUrls;

    /// <summary>Of each API key; null: no limit.</summary>
    public int? RequestsPerSecond { get; init; }

    public int? Burst { get; init; }

    /// <summary><c>text</c> or <c>json</c>.</summary>
    public string LogFormat { get; init; } = "text";

    /// <summary>From which level on <c>serve</c> logs: <c>information</c>, a line of each request included, <c>warning</c> or <c>error</c>.</summary>
    public string LogLevel { get; init; } = "information";

    /// <summary>Whether sources may lie on this machine or in its network, and be asked without TLS: for simulators and development.</summary>
    public bool AllowLoopbackSources { get; init; }

    /// <summary>Proxies whose <c>X-Forwarded-*</c> headers tell by which URL a webhook was called.</summary>
    public TrustedProxies TrustedProxies { get; init; } = TrustedProxies.None;

    /// <summary>Where traces and metrics go; null: nowhere.</summary>
    public Uri? TelemetryEndpoint { get; init; }

    /// <exception cref="SettingsException">A setting has a value that it cannot have.</exception>
    public static LedgerSettings Read(IConfiguration configuration)
    {
        var dataDir = Text(configuration, DataDirName) ?? DefaultDataDir;
        return new LedgerSettings
        {
            ConnectionString = ConnectionText(configuration),
            DataDir = dataDir,
            MasterKeyFile = Text(configuration, MasterKeyFileName) ?? Path.Combine(dataDir, "master.key"),
            SigningKeyFile = Text(configuration, SigningKeyFileName) ?? Path.Combine(dataDir, "signing.key"),
            PostgresBin = Text(configuration, PostgresBinName),
            Origin = Text(configuration, OriginName) ?? DefaultOrigin,
            Urls = Text(configuration, UrlsName) ?? DefaultUrls,
            RequestsPerSecond = Count(configuration, RequestsPerSecondName),
            Burst = Count(configuration, BurstName),
            LogFormat = OneOf(configuration, LogFormatName, "text", "json"),
            LogLevel = OneOf(configuration, LogLevelName, "information", "warning", "error"),
            AllowLoopbackSources = OneOf(configuration, AllowLoopbackSourcesName, "false", "true") == "true",
            TrustedProxies = Proxies(configuration),
            TelemetryEndpoint = Endpoint(configuration),
        };
    }

    /// <summary>What is wrong is told without the text, which may hold a password.</summary>
    private static string? ConnectionText(IConfiguration configuration)
    {
        var text = Text(configuration, ConnectionStringName);
        try
        {
            return text is null || new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 }
                ? text
                : throw new SettingsException($"{ConnectionStringName} names no host; give Host=...;Database=...;Username=...;Password=...");
        }
        catch (ArgumentException)
        {
            throw new SettingsException($"{ConnectionStringName} is no connection string; give Host=...;Database=...;Username=...;Password=...");
        }
    }

    private static TrustedProxies Proxies(IConfiguration configuration) =>
        TrustedProxies.Parse(Text(configuration, TrustedProxiesName) ?? "")
        ?? throw new SettingsException($"{TrustedProxiesName} holds what is no address; give addresses or networks with commas between, such as 10.0.0.0/8.");

    private static Uri? Endpoint(IConfiguration configuration) => Text(configuration, TelemetryEndpointName) switch
    {
        null => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https" => endpoint,
        _ => throw new SettingsException($"{TelemetryEndpointName} is no http or https URL; give one such as http://127.0.0.1:4317, or leave it out."),
    };

    private static string? Text(IConfiguration configuration, string name) =>
        configuration[name] is { Length: > 0 } text ? text : null;

    private static int? Count(IConfiguration configuration, string name) => Text(configuration, name) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 => count,
        var text => throw new SettingsException($"{name} is '{text}'; give a whole number above 0, or leave it out."),
    };

    private static string OneOf(IConfiguration configuration, string name, params string[] allowed)
    {
        var text = Text(configuration, name) ?? allowed[0];
        return allowed.Contains(text)
            ? text
            : throw new SettingsException($"{name} is '{text}'; it can be {string.Join(" or ", allowed)}.");
    }
}
