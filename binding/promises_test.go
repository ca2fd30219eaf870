package binding_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"strings"
	"testing"
)

// promises are what scripts and hosts may rely on, each with the tests that hold it.
var promises = []struct{ promise, tests string }{
	{"the documented examples run word for word on payloads as documented, as Aircall sends them, and full of nulls, and print what they should",
		"TestExamplesOnLiteralPayloads TestExamplesOnTheFake TestMultiAccountExample"},
	{"a null in any field that may be null makes no example fail", "TestNullsMakeNoExampleFail"},
	{"every block of the reference compiles", "TestExamples TestMultiAccountExample TestEveryExamplePrintsWhatItSays"},
	{"flat, default and named accounts send their own credentials to their own host; unknown and reserved names and a missing default are errors",
		"TestEachAccountSendsItsOwnCredentials TestDefaultAccount TestUnknownAccountOfARun TestBadConfigurations"},
	{"the reference, the namespaces and the schemas name the same functions; aliases resolve; the page is generated",
		"TestPageAndTableAgree TestNamespacesAreTablesOfFunctions TestReferencePageIsMadeFromTheTable TestEveryOperationHasAFunction TestSchemasTakeTheExamples"},
	{"bad arguments give one exact message, and nothing is sent", "TestBadArgumentsSendNothing TestDetailsOfBadArguments"},
	{"JSON survives the way through Lua but for nulls in objects, at every edge", "TestJSONSurvivesLua TestConversionEdges TestValuesThatAreNoJSON TestReturnedValues"},
	{"errors pass for strings, keep their identity, and know their line under pcall and in coroutines",
		"TestErrorsBehaveLikeStrings TestWhereAnErrorIs TestErrorsOfTheScript TestStringErrors"},
	{"loops, coroutines, patterns, growing text, recursion and blocked requests each end within their bound",
		"TestTimeIsBounded TestSizesAreBounded TestOutputIsBounded TestHostileScripts TestHostileSources"},
	{"scripts run beside each other on one Runner and share nothing", "TestThousandRunsAtOnce TestRunsShareNothing"},
	{"no credential is in any error, log, dump, record or page", "TestNoSecretComesOut TestAccountsHideTheirSecrets"},
	{"patterns are those of Lua 5.1", "TestPatternsAsInLua FuzzPattern"},
	{"what a host forbids is not sent, and a dry run sends nothing that writes",
		"TestReadOnly TestReadOnlyForbidsEveryWrite TestPermission TestDryRun TestDryRunOfEveryFunction"},
	{"a script costs little more than its Lua", "TestCost"},
}

func TestPromisesAreHeld(t *testing.T) {
	there := map[string]bool{}
	pkgs, err := parser.ParseDir(token.NewFileSet(), ".", func(f fs.FileInfo) bool { return strings.HasSuffix(f.Name(), "_test.go") }, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range pkgs {
		for _, file := range pkg.Files {
			for _, decl := range file.Decls {
				if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil {
					there[f.Name.Name] = true
				}
			}
		}
	}
	for _, p := range promises {
		for _, name := range strings.Fields(p.tests) {
			if !there[name] {
				t.Errorf("%s: there is no %s", p.promise, name)
			}
		}
	}
}
