using System.Globalization;
using UsageLedger.Cycles;
using UsageLedger.IntegrationSpecs.Cycles;
using Xunit.Abstractions;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Verifying.Edits;

/// <summary>Whatever a closed cycle shows is edited, and the close that froze it is named, and no other.</summary>
public sealed class ClosedFiguresSpecs(ITestOutputHelper output)
{
    private const int Edits = 40;

    /// <summary>The columns that a cycle's lines show.</summary>
    private static readonly string[] Shown = ["provider", "metric", "agent_id", "unit", "currency", "quantity", "cost", "records", "origin_start", "cycle_start", "client_id", "tenant_id"];

    [Fact]
    public async Task An_edited_figure_of_a_closed_cycle_is_found_at_its_close()
    {
        var seed = Random.Shared.Next();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        var random = new Random(seed);
        await using var books = await OpenAsync("2026-11-05T12:00:00Z");
        var closes = await CloseThreeAsync(books);
        await books.Log.DoAsync("create table public.pristine as select * from read.cycle_aggregates");
        for (var i = 0; i < Edits; i++)
        {
            var (cycle, position) = closes[random.Next(closes.Count)];
            var change = i < Shown.Length + 1 ? i : random.Next(Shown.Length + 1);
            await books.Log.DoAsync(Statement(change, cycle, random));

            var found = await ClosedCycleCheck.RunAsync(books.Log.Database, default);

            found.Select(damage => (damage.Position, damage.KindName)).ShouldBe([(position, "figures_changed")], string.Create(CultureInfo.InvariantCulture, $"edit {i} of {cycle}"));
            await books.Log.DoAsync("delete from read.cycle_aggregates; insert into read.cycle_aggregates select * from public.pristine");
        }

        (await ClosedCycleCheck.RunAsync(books.Log.Database, default)).ShouldBeEmpty();
    }

    private static async Task<List<(string Start, long Position)>> CloseThreeAsync(Books books)
    {
        await books.RecordAsync([.. Enumerable.Range(0, 90).Select(day =>
            Usage($"{day}", UsageLedger.EventLog.Proof.Rfc3339.Format(At("2026-08-01T00:00:00Z") + NodaTime.Duration.FromDays(day)), day + 1, 0.01m * (day + 1))
                with { AgentId = day % 2 == 0 ? "ada" : null })]);
        var closes = new List<(string, long)>();
        foreach (var cycle in new[] { "2026-08", "2026-09", "2026-10" })
        {
            closes.Add(($"{cycle}-01T00:00:00Z", (await books.CloseAsync(cycle)).Position));
            await books.ArriveAsync();
        }

        return closes;
    }

    private static string Statement(int change, string cycle, Random random)
    {
        var row = $"ctid = (select ctid from read.cycle_aggregates where cycle_start = '{cycle}' order by md5(line::text || {random.Next()}::text) limit 1)";
        if (change == Shown.Length)
            return $"delete from read.cycle_aggregates where {row}";
        var column = Shown[change];
        var value = column switch
        {
            "quantity" or "cost" => $"{column} + {random.Next(1, 1_000_000)} * 0.0000001",
            "records" => "records + 1",
            "cycle_start" or "origin_start" => $"coalesce({column}, '2026-01-01T00:00:00Z') + {random.Next(1, 100)} * interval '1 hour'",
            _ => $"coalesce({column}, '') || 'x'",
        };
        return $"update read.cycle_aggregates set {column} = {value} where {row}";
    }
}
