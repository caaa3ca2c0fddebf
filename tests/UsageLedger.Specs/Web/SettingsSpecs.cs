using Microsoft.Extensions.Configuration;
using UsageLedger.Host;

namespace UsageLedger.Specs.Web;

public sealed class SettingsSpecs
{
    [Fact]
    public void Nothing_need_be_configured()
    {
        var settings = Read();

        settings.ConnectionString.ShouldBeNull();
        settings.DataDir.ShouldBe(".ledger");
        settings.Urls.ShouldBe("http://127.0.0.1:5080");
        settings.MasterKeyFile.ShouldBe(Path.Combine(".ledger", "master.key"));
        settings.RequestsPerSecond.ShouldBeNull();
    }

    [Theory]
    [InlineData("ConnectionStrings__Ledger")]
    [InlineData("Ledger__DataDir")]
    [InlineData("Ledger__MasterKeyFile")]
    public void The_contract_s_names_are_known(string name) => LedgerSettings.EnvironmentNames.ShouldContain(name);

    [Theory]
    [InlineData("ConnectionStrings:Ledger", "foo")]
    [InlineData("ConnectionStrings:Ledger", "Host=db;Port=abc;Password=hunter2")]
    [InlineData("ConnectionStrings:Ledger", "Username=ledger;Password=hunter2")]
    [InlineData("Ledger:RateLimit:RequestsPerSecond", "0")]
    [InlineData("Ledger:RateLimit:RequestsPerSecond", "-1")]
    [InlineData("Ledger:RateLimit:Burst", "many")]
    [InlineData("Ledger:LogFormat", "xml")]
    [InlineData("Ledger:LogLevel", "3")]
    public void What_cannot_be_is_told_by_its_name_and_without_secrets(string name, string value)
    {
        var refusal = Should.Throw<SettingsException>(() => Read((name, value)));

        refusal.Message.ShouldContain(name);
        refusal.Message.ShouldNotContain("hunter2");
    }

    private static LedgerSettings Read(params (string Name, string Value)[] given) => LedgerSettings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(given.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value)))
        .Build());
}
