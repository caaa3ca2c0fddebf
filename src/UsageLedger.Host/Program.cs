using UsageLedger.Host.Verbs;

return await LedgerCommand.RunAsync(args);
