using Npgsql;
using Spectre.Console;

namespace UsageLedger.Host.Demo;

/// <summary>What every step of the demo works with.</summary>
/// <param name="Collector">Speaks with a key that may only record.</param>
/// <param name="Office">Speaks with a key that reads, audits, and agrees terms.</param>
internal sealed record DemoRun(
    LedgerSettings Settings, NpgsqlDataSource Database, DemoHttp Collector, DemoHttp Office, DemoMonth Month, DemoUsage Usage, DemoPage Page)
{
    public const string Tenant = "demo";

    /// <summary>The position up to which a read must have come to see all that was recorded.</summary>
    public long Recorded { get; set; }

    public void Saw(DemoAnswer answer) => Recorded = Math.Max(Recorded, answer.Position);

    /// <summary>Says that something holds, or ends the demo with what does not.</summary>
    public void Check(bool holds, string what)
    {
        if (!holds)
        {
            throw new DemoFailedException($"This does not hold: {what}");
        }

        Page.Line($"holds: {what}");
    }

    public static Table Columns(params ReadOnlySpan<string> names)
    {
        var table = new Table();
        foreach (var name in names)
        {
            table.AddColumn(new TableColumn(name.TrimStart('>')) { NoWrap = true, Alignment = name.StartsWith('>') ? Justify.Right : Justify.Left });
        }

        return table;
    }
}
