using UsageLedger.Host;
using Map = System.Collections.Generic.IReadOnlyDictionary<string, object>;

namespace UsageLedger.Specs.House;

public sealed class ComposeSpecs
{
    private static readonly string Text = Repository.Text("docker-compose.yml");
    private static readonly string Dockerfile = Repository.Text("build/Dockerfile");
    private static readonly Map Compose = YamlText.Parse(Text);
    private static readonly Map Services = (Map)Compose["services"];
    private static readonly Map Ledger = (Map)Services["ledger"];
    private static readonly Map Postgres = (Map)Services["postgres"];

    [Fact]
    public void Every_image_is_pinned_to_a_release()
    {
        ComposeRules.Floating(Services.Values.Select(service => (string)((Map)service)["image"])).ShouldBeEmpty();
        ComposeRules.Images(Dockerfile).Count().ShouldBe(2);
        ComposeRules.Floating(ComposeRules.Images(Dockerfile)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_setting_of_the_ledger_is_one_that_it_knows()
    {
        ComposeRules.UnknownSettings(((Map)Ledger["environment"]).Keys, LedgerSettings.EnvironmentNames).ShouldBeEmpty();
        ComposeRules.UnknownSettings(ComposeRules.ImageSettings(Dockerfile), [.. LedgerSettings.EnvironmentNames, "ASPNETCORE_HTTP_PORTS"]).ShouldBeEmpty();
    }

    [Fact]
    public void No_secret_is_written_down_and_none_is_forgotten()
    {
        ComposeRules.Unguarded(Text).ShouldBeEmpty();
        ((string)((Map)Postgres["environment"])["POSTGRES_PASSWORD"]).ShouldStartWith("${LEDGER_DB_PASSWORD:?");
        ((string)((Map)Ledger["environment"])["ConnectionStrings__Ledger"]).ShouldContain("Password=${LEDGER_DB_PASSWORD:?");
    }

    [Fact]
    public void Only_this_machine_reaches_the_ledger_and_nobody_the_database()
    {
        ComposeRules.OpenPorts((List<string>)Ledger["ports"]).ShouldBeEmpty();
        Postgres.ContainsKey("ports").ShouldBeFalse();
        ((List<string>)Postgres["networks"]).ShouldBe(["inside"]);
        ((Map)((Map)Compose["networks"])["inside"])["internal"].ShouldBe("true");
    }

    [Fact]
    public void What_must_last_lies_on_volumes()
    {
        var used = Services.Values.SelectMany(service => ComposeRules.NamedVolumes((List<string>)((Map)service)["volumes"]));
        used.Order().ShouldBe(((Map)Compose["volumes"]).Keys.Order());

        var mounted = ((List<string>)Ledger["volumes"]).Select(mount => mount.Split(':')[1]);
        mounted.ShouldBe(["/data", "/keys"]);
        Services.Values.ShouldAllBe(service => (string)((Map)service)["read_only"] == "true");
    }

    [Fact]
    public void No_log_of_a_service_grows_without_a_bound() => Services.Values.ShouldAllBe(service => ComposeRules.HasBoundedLog((Map)service));

    [Fact]
    public void The_ledger_waits_for_a_healthy_database()
    {
        ((Map)((Map)Ledger["depends_on"])["postgres"])["condition"].ShouldBe("service_healthy");
        ((Map)Postgres["healthcheck"]).Keys.ShouldContain("test");
        Dockerfile.ShouldContain("HEALTHCHECK");
        Dockerfile.ShouldContain("/health/ready");
    }

    [Fact]
    public void The_image_runs_as_nobody_special_and_starts_the_ledger()
    {
        Dockerfile.Split('\n').Last(line => line.StartsWith("USER ", StringComparison.Ordinal)).ShouldBe("USER $APP_UID");
        Dockerfile.ShouldContain("ENTRYPOINT [\"/app/ledger\"]");
    }

    [Fact]
    public void The_image_restores_from_every_project_file() =>
        Repository.Files("src", "*.csproj").Where(path => !Dockerfile.Contains($"COPY {path} ", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void Only_sources_enter_the_build()
    {
        var rules = Repository.Text(".dockerignore").Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToList();

        rules[0].ShouldBe("*");
        rules.ShouldContain("**/bin");
        rules.ShouldContain("**/obj");
        foreach (var copied in Dockerfile.Split('\n').Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from")))
        {
            copied.Split(' ')[1..^1].ShouldAllBe(path => rules.Contains("!" + path.Split('/', 2)[0]));
        }
    }
}
