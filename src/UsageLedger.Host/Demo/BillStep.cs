using System.Globalization;
using Spectre.Console;

namespace UsageLedger.Host.Demo;

/// <summary>Holds what the ledger collected against what the vendors charge.</summary>
internal static class BillStep
{
    public static async Task RunAsync(DemoRun run, CancellationToken ct)
    {
        run.Page.Heading("The ledger beside the vendors' true bill, to the last digit");
        var table = DemoRun.Columns("client", "vendor", ">records", ">ledger USD", ">true bill USD", ">difference");
        var (differences, sum) = (0m, 0m);
        foreach (var client in run.Clients)
        {
            foreach (var row in await VendorRows.ReadAsync(run, client.Id, ct))
            {
                var bill = DemoVendors.CostOf(run.Vendors.Bill.Where(item => item.ClientId == client.Id && item.Provider == row.Provider));
                table.AddRow(client.Id, row.Provider, $"{row.Records:N0}", Text(row.Cost), Text(bill), Text(row.Cost - bill));
                differences += Math.Abs(row.Cost - bill);
                sum += row.Cost;
            }
        }

        run.Page.Table(table);
        var all = DemoVendors.CostOf(run.Vendors.Bill);
        run.Check(differences == 0 && sum == all, $"the ledger's {Text(sum)} USD are the vendors' {Text(all)} USD");
    }

    private static string Text(decimal amount) => amount.ToString("0.############################", CultureInfo.InvariantCulture);
}
