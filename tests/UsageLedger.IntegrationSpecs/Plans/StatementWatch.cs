using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace UsageLedger.IntegrationSpecs.Plans;

/// <summary>The queries that a request made the server run, told apart from those of others by the trace that it began.</summary>
internal sealed partial class StatementWatch : IDisposable
{
    private const string RequestsName = "UsageLedger.Specs.Requests";
    private static readonly ActivitySource Requests = new(RequestsName);

    private readonly ConcurrentQueue<(ActivityTraceId Trace, string Sql)> statements = new();
    private readonly ActivityListener listener;

    public StatementWatch()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore" or "System.Net.Http" or RequestsName,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Keep,
        };
        ActivitySource.AddActivityListener(listener);
    }

    public async Task<IReadOnlyList<string>> OfAsync(Func<Task> request)
    {
        using var activity = Requests.StartActivity("request")!;
        await request();
        var trace = activity.TraceId;
        return [.. statements.Where(statement => statement.Trace == trace).SelectMany(statement => Parts().Split(statement.Sql)).Where(IsQuery).Distinct()];
    }

    public void Dispose() => listener.Dispose();

    private static bool IsQuery(string sql) =>
        sql.TrimStart().StartsWith("select", StringComparison.OrdinalIgnoreCase) || sql.TrimStart().StartsWith("with", StringComparison.OrdinalIgnoreCase);

    /// <summary>Those of a batch are told as one text.</summary>
    [GeneratedRegex(@";\s*\n")]
    private static partial Regex Parts();

    private void Keep(Activity activity)
    {
        if (activity.Source.Name == "Npgsql" && activity.TagObjects.FirstOrDefault(tag => tag.Key is "db.query.text" or "db.statement").Value is string sql)
        {
            statements.Enqueue((activity.TraceId, sql));
        }
    }
}
