using System.Text.Json;
using Spectre.Console;
using UsageLedger.Answering;

namespace UsageLedger.Host.Verbs;

/// <summary>Standard output: for answers only, and without colours where no person looks.</summary>
internal static class Output
{
    private const int FileColumns = 1_000;

    public static IAnsiConsole Console { get; } = Open();

    public static void Json<T>(T document) => System.Console.WriteLine(JsonSerializer.Serialize(document, LedgerJson.Options));

    /// <summary>For documents that hold more than fits in memory.</summary>
    public static async Task JsonAsync<T>(T document, CancellationToken ct)
    {
        await using var output = System.Console.OpenStandardOutput();
        await JsonSerializer.SerializeAsync(output, document, LedgerJson.Options, ct);
        await output.WriteAsync("\n"u8.ToArray(), ct);
    }

    private static IAnsiConsole Open()
    {
        var redirected = System.Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(System.Console.Out),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (redirected)
        {
            console.Profile.Width = FileColumns;
        }

        return console;
    }
}
