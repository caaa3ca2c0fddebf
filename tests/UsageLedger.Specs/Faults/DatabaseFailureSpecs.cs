using Npgsql;
using UsageLedger.Answering;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Specs.Faults;

public sealed class DatabaseFailureSpecs
{
    [Theory]
    [InlineData(PostgresErrorCodes.ConnectionFailure)]
    [InlineData(PostgresErrorCodes.SerializationFailure)]
    [InlineData(PostgresErrorCodes.DiskFull)]
    [InlineData(PostgresErrorCodes.TooManyConnections)]
    [InlineData(PostgresErrorCodes.LockNotAvailable)]
    [InlineData(PostgresErrorCodes.AdminShutdown)]
    [InlineData(PostgresErrorCodes.QueryCanceled)]
    [InlineData(PostgresErrorCodes.IoError)]
    public void A_server_that_cannot_just_now_is_away(string state)
    {
        DatabaseFailure.IsAway(Said(state)).ShouldBeTrue();
        Transient.Is(Said(state)).ShouldBeTrue();
        FailureProblems.Of(Said(state)).Code.ShouldBe("database_unavailable");
    }

    [Theory]
    [InlineData(PostgresErrorCodes.DivisionByZero)]
    [InlineData(PostgresErrorCodes.UniqueViolation)]
    [InlineData(PostgresErrorCodes.UndefinedTable)]
    [InlineData(PostgresErrorCodes.ProgramLimitExceeded)]
    [InlineData("")]
    public void A_statement_that_the_server_refused_is_no_outage(string state)
    {
        DatabaseFailure.IsAway(Said(state)).ShouldBeFalse();
        Transient.Is(Said(state)).ShouldBeFalse();
        FailureProblems.Of(Said(state)).Code.ShouldBe("internal_error");
        DatabaseFailure.Is(Said(state)).ShouldBeTrue("asking failed all the same");
    }

    [Fact]
    public void A_connection_that_is_lost_is_away()
    {
        var lost = new NpgsqlException("the session is gone", new IOException("connection reset"));

        DatabaseFailure.IsAway(lost).ShouldBeTrue();
        Transient.Is(lost).ShouldBeTrue();
        FailureProblems.Of(lost).Code.ShouldBe("database_unavailable");
    }

    [Fact]
    public void What_broke_elsewhere_is_told_of_the_database_by_who_asked_only_the_database()
    {
        DatabaseFailure.IsAway(new IOException("a caller was cut off")).ShouldBeFalse();
        FailureProblems.Of(new IOException("a caller was cut off")).Code.ShouldBe("internal_error");
        DatabaseFailure.Is(new IOException("the stream broke")).ShouldBeTrue();
        DatabaseFailure.Is(new TimeoutException()).ShouldBeTrue();
        DatabaseFailure.Is(new OperationCanceledException()).ShouldBeFalse("who was stopped knows it");
        Transient.Is(new OperationCanceledException()).ShouldBeTrue("being stopped says nothing of the events");
        Transient.Is(new InvalidOperationException()).ShouldBeFalse();
    }

    private static PostgresException Said(string state) => new("it failed", "ERROR", "ERROR", state);
}
