namespace UsageLedger.Collecting.Sources;

/// <summary>A source as reads answer it.</summary>
/// <param name="HasCredentials">Whether any were set; what they are is told to nobody.</param>
/// <param name="Position">Of the event that holds this configuration.</param>
public sealed record SourceView(
    string SourceId, string Provider, Uri BaseUrl, string? Schedule, string LookBack, IReadOnlyDictionary<string, string> Settings,
    bool HasCredentials, long Position)
{
    internal static SourceView Of(Source source, bool hasCredentials, long position) => new(
        source.Id, source.Provider, source.BaseUrl, source.Schedule, Sources.LookBack.Format(source.LookBack),
        new SortedDictionary<string, string>(source.Settings.ToDictionary(), StringComparer.Ordinal), hasCredentials, position);
}
