using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>Nobody runs armed without knowing it.</summary>
public sealed class FaultArmingSpecs
{
    [Fact]
    public async Task Fail_points_that_are_set_where_nobody_is_to_be_broken_are_refused()
    {
        var refused = await Program(("LEDGER_FAIL_POINTS", "append.copied=kill@1")).RunAsync("projections", "status");

        refused.ShouldExit(2).Errors.ShouldContain("LEDGER_FAIL_POINTS is set");
    }

    [Fact]
    public async Task Fail_points_that_cannot_be_read_are_refused()
    {
        var refused = await Program(("LEDGER_FAIL_POINTS", "append.copied"), ("DOTNET_ENVIRONMENT", "Faults")).RunAsync("projections", "status");

        refused.ShouldExit(2).Errors.ShouldContain("append.copied=kill@3");
    }

    /// <summary>A file, which somebody else may have written, arms nothing.</summary>
    [Fact]
    public async Task Settings_arm_nothing()
    {
        var program = Program(("DOTNET_ENVIRONMENT", "Faults"), ("ConnectionStrings__Ledger", "Host=127.0.0.1;Port=1;Database=none;Username=none"));
        await File.WriteAllTextAsync(program.In("appsettings.json"), """{"LEDGER_FAIL_POINTS":"nonsense","Ledger":{"FailPoints":"nonsense"}}""");

        (await program.RunAsync("projections", "status")).ShouldExit(1).Errors.ShouldNotContain("LEDGER_FAIL_POINTS");
    }

    private static LedgerProgram Program(params (string Name, string Value)[] environment) =>
        new() { Environment = environment.ToDictionary(one => one.Name, one => one.Value) };
}
