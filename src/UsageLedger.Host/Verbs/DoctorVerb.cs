using System.CommandLine;
using Spectre.Console;
using UsageLedger.Host.Doctor;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger doctor</c>: what is wrong here, and what to do; changes and starts nothing.</summary>
internal static class DoctorVerb
{
    public static Command Create() => VerbRun.Bind(new Command("doctor", "Look at everything, say what is wrong and what to do; nothing is changed or started."), RunAsync);

    private static async Task<int> RunAsync(VerbRun run, CancellationToken ct)
    {
        var findings = await Examination.RunAsync(run.Settings, LedgerServices.Clock, ct);
        var worst = findings.Any(one => one.Status == Diagnosis.Failed) ? Diagnosis.Failed : findings.Any(one => one.Status == Diagnosis.Warning) ? Diagnosis.Warning : Diagnosis.Ok;
        if (run.Json)
        {
            Output.Json(new { status = worst, checks = findings.Select(one => new { one.Name, one.Status, one.Found, one.ToDo }) });
        }
        else
        {
            foreach (var one in findings)
            {
                Print(one);
            }
        }

        return worst == Diagnosis.Failed ? 1 : 0;
    }

    private static void Print(Diagnosis one)
    {
        var colour = one.Status switch { Diagnosis.Ok => "green", Diagnosis.Warning => "yellow", _ => "red" };
        Output.Console.Markup($"[{colour}]{one.Status,-8}[/]");
        Console.WriteLine($"{one.Name}: {one.Found}");
        if (one.ToDo is not null)
        {
            Console.WriteLine($"        {one.ToDo}");
        }
    }
}
