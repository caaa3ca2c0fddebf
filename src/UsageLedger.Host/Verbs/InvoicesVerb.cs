using System.CommandLine;
using NodaTime;
using Npgsql;
using Spectre.Console;
using UsageLedger.Answering;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Runs;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.Reconciling.Assembling;
using UsageLedger.Reconciling.Invoices;

namespace UsageLedger.Host.Verbs;

/// <summary><c>ledger invoices import|assemble</c>: takes vendors' invoices in.</summary>
internal static class InvoicesVerb
{
    private const int ProblemsMax = 20;

    private static readonly Argument<FileInfo> FileArgument = new("FILE") { Description = "JSON as it would be posted, or CSV whose rows are the lines." };
    private static readonly Option<string> TenantOption = new("--tenant") { Required = true, Description = "Whose invoice it is." };
    private static readonly Option<bool> RevisionOption = new("--revision") { Description = "Another content takes the place of the one known under the number." };
    private static readonly Option<string> SourceOption = new("--source") { Required = true, Description = "Whose vendor is asked." };
    private static readonly Option<string> FromOption = new("--from") { Required = true, Description = "The first UTC day." };
    private static readonly Option<string> ToOption = new("--to") { Required = true, Description = "The first UTC day that is left out." };

    public static Command Create() => new("invoices", "Vendors' invoices.")
    {
        VerbRun.Bind(new Command("import", "Take in an invoice from a file.") { FileArgument, TenantOption, RevisionOption }, ImportAsync),
        VerbRun.Bind(
            new Command("assemble", "Put an invoice together from what the vendor's API says that it charges.") { TenantOption, SourceOption, FromOption, ToOption },
            AssembleAsync),
    };

    private static async Task<int> ImportAsync(VerbRun run, CancellationToken ct)
    {
        var file = run.Arguments.GetRequiredValue(FileArgument);
        if (!file.Exists || file.Length > InvoiceBody.BytesMax)
        {
            throw new SettingsException(file.Exists ? $"{file.Name} has more than {InvoiceBody.BytesMax} bytes." : $"There is no file {file.FullName}.");
        }

        var isCsv = file.Extension.Equals(".csv", StringComparison.OrdinalIgnoreCase);
        var (invoice, revision, problem) = await InvoiceBody.ReadAsync(await File.ReadAllBytesAsync(file.FullName, ct), isCsv, ct);
        if (problem is not null)
        {
            foreach (var error in (problem.Errors ?? []).Take(ProblemsMax))
            {
                await Console.Error.WriteLineAsync($"{error.At}: {error.Message}");
            }

            return 1;
        }

        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger invoices", run.Logger, run.Logs, ct);
        var signer = ledger.Get<CheckpointSigner>();
        var command = new ReceiveInvoice(
            run.Arguments.GetRequiredValue(TenantOption), $"invoices-{Guid.NewGuid():N}", invoice!, "imported", revision || run.Arguments.GetValue(RevisionOption));
        return await EndAsync(run, ledger, signer, await ReceiveInvoiceHandler.Handle(command, ledger.Get<InvoiceStore>(), ledger.Get<LogAppender>(), ct), ct);
    }

    private static async Task<int> AssembleAsync(VerbRun run, CancellationToken ct)
    {
        var (from, to) = (Day(run, FromOption), Day(run, ToOption));
        if (from >= to || from.PlusDays(AssembleInvoice.DaysMax) < to)
        {
            throw new SettingsException($"--from must be before --to, by at most {AssembleInvoice.DaysMax} days.");
        }

        await using var ledger = await LedgerTools.OpenAsync(run.Settings, "ledger invoices", run.Logger, run.Logs, ct);
        var signer = ledger.Get<CheckpointSigner>();
        var command = new AssembleInvoice(
            run.Arguments.GetRequiredValue(TenantOption), $"invoices-{Guid.NewGuid():N}", run.Arguments.GetRequiredValue(SourceOption), from, to);
        try
        {
            if (await AssembleInvoiceHandler.Handle(
                command, ledger.Get<VendorAccounts>(), ledger.Get<InvoiceStore>(), ledger.Get<LogAppender>(), ledger.Get<NpgsqlDataSource>(), ct) is { } outcome)
            {
                return await EndAsync(run, ledger, signer, outcome, ct);
            }

            await Console.Error.WriteLineAsync($"{command.Tenant} has no source {command.SourceId}.");
        }
        catch (VendorException failure)
        {
            await Console.Error.WriteLineAsync($"{failure.Code}: {failure.Message}");
        }

        return 1;
    }

    private static async Task<int> EndAsync(VerbRun run, LedgerTools ledger, CheckpointSigner signer, InvoiceOutcome outcome, CancellationToken ct)
    {
        if (outcome.Told is null)
        {
            await Console.Error.WriteLineAsync("The number is known with another content; with --revision this one takes its place.");
            return 1;
        }

        await signer.IntroduceAsync(ct);
        await signer.KeepAsync(ct);
        await CatchUp.RunAsync(ledger.Database, run.Logs, ct);
        if (run.Json)
        {
            Output.Json(InvoiceAnswer.Of(outcome));
        }
        else
        {
            Output.Console.MarkupLineInterpolated($"{outcome.Verdict.ToString().ToLowerInvariant()}: {outcome.Told.Number}, {outcome.Told.LineCount} lines");
            Output.Console.MarkupLineInterpolated($"{outcome.Told.InvoiceId:D}");
        }

        return 0;
    }

    private static LocalDate Day(VerbRun run, Option<string> option) =>
        DateBounds.Day(run.Arguments.GetRequiredValue(option)) is { } day && DateBounds.Hold(day)
            ? day
            : throw new SettingsException($"{option.Name} must be a date such as 2026-10-01, of the years 2000 to 2100.");
}
