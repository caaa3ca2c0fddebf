using System.Diagnostics;
using Spectre.Console;

namespace UsageLedger.Host.Verbs;

/// <summary>A line on standard error that shows how far long work has come; silent where nobody watches.</summary>
internal static class ProgressLine
{
    public static async Task<T> RunAsync<T>(string verb, string unit, Func<IProgress<long>, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (Console.IsErrorRedirected)
        {
            return await work(new Shown(_ => { }));
        }

        var started = Stopwatch.GetTimestamp();
        return await console.Status().StartAsync(verb, context => work(new Shown(done =>
        {
            var rate = done / Math.Max(0.001, Stopwatch.GetElapsedTime(started).TotalSeconds);
            context.Status(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{verb} {done:N0} {unit}, {rate:N0}/s"));
        })));
    }

    private sealed class Shown(Action<long> show) : IProgress<long>
    {
        public void Report(long value) => show(value);
    }
}
