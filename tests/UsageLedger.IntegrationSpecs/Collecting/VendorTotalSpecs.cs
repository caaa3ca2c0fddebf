using System.Globalization;
using NodaTime;
using NodaTime.Text;
using UsageLedger.Collecting;
using UsageLedger.Collecting.OpenRouter;
using UsageLedger.Collecting.Twilio;
using UsageLedger.IntegrationSpecs.Simulators;
using UsageLedger.Recording;
using UsageLedger.Simulators.Faults;
using UsageLedger.Simulators.Truth;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>What vendors add up themselves is read as they say it: by day it is the sum of the true bill.</summary>
public sealed class VendorTotalSpecs
{
    private static readonly LocalDate First = SimServer.From.InUtc().Date;
    private static readonly LocalDate Last = SimServer.To.InUtc().Date;

    [Fact]
    public async Task Twilios_usage_records_are_each_accounts_messages_and_calls_by_day()
    {
        await using var server = await SimServer.StartAsync(SimFaults.Rough with { HangMs = 10 });
        using var vendors = new SimulatedVendors(server);
        var truth = server.Truth("twilio", "message").Concat(server.Truth("twilio", "call")).Where(item => item.Cost is not null).ToList();
        foreach (var account in vendors.Open("twilio"))
        {
            var own = truth.Where(item => item.Account == account.Source.Id).ToList();
            var all = await ReadAsync(TwilioUsageRecords.ReadAsync(account, First, Last, null, default));

            Lines(all.Where(total => total.Category == "totalprice")).ShouldBe(Lines(own, item => Number(item.Cost!)));
            Lines(all.Where(total => total.Category == "sms")).ShouldBe(Lines(own.Where(IsText), item => Number(item.Quantity)));
            Lines(await ReadAsync(TwilioUsageRecords.ReadAsync(account, First, Last, "calls", default)))
                .ShouldBe(Lines(own.Where(item => item.Kind == "call"), item => Number(item.Details["minutes"])));
            all.Where(total => total.Category == "totalprice").Sum(total => total.Cost!.Value).ShouldBe(own.Sum(item => Number(item.Cost!)));
            all.ShouldAllBe(total => total.Currency == "USD" && total.From == total.To);
        }
    }

    [Fact]
    public async Task OpenRouters_activity_is_each_keys_generations_by_day()
    {
        await using var server = await SimServer.StartAsync(SimFaults.Rough with { HangMs = 10 });
        using var vendors = new SimulatedVendors(server);
        var account = vendors.Open("openrouter").Single();
        var truth = server.Truth("openrouter", "generation").ToList();
        for (var day = Last.PlusDays(-5); day < Last; day = day.PlusDays(1))
        {
            foreach (var key in server.Directory.Agents.Select(agent => agent.Key.Hash).Append(null))
            {
                var own = truth.Where(item => Day(item) == Text(day) && (key is null || item.MappingKeys.Contains("apikey:" + key))).ToList();

                var told = await OpenRouterActivity.ReadAsync(account, day, key, default);

                told.Sum(total => total.Cost ?? 0).ShouldBe(own.Sum(item => Number(item.Cost!)), $"{day} {key}");
                told.Sum(total => total.Quantity ?? 0).ShouldBe(own.Sum(item => Number(item.Quantity)), $"{day} {key}");
            }
        }
    }

    private static async Task<List<VendorTotal>> ReadAsync(IAsyncEnumerable<VendorTotal> totals)
    {
        var read = new List<VendorTotal>();
        await foreach (var total in totals)
            read.Add(total);
        return read;
    }

    /// <summary>A total of all things is told in dollars, and its quantity is them too.</summary>
    private static List<string> Lines(IEnumerable<VendorTotal> totals) =>
        [.. totals.Where(total => total.Quantity > 0).Select(total => $"{Text(total.From)} {ExactDecimal.ToText(total.Quantity!.Value)}").Order(StringComparer.Ordinal)];

    private static List<string> Lines(IEnumerable<TruthItem> items, Func<TruthItem, decimal> figure) =>
        [.. items.GroupBy(Day).Select(day => $"{day.Key} {ExactDecimal.ToText(day.Sum(figure))}").Order(StringComparer.Ordinal)];

    private static bool IsText(TruthItem item) => item.Kind == "message" && item.Details["media"] == "0" && item.Details["status"] != "failed";

    private static string Day(TruthItem item) => item.OccurredAt[..10];

    private static string Text(LocalDate day) => LocalDatePattern.Iso.Format(day);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
