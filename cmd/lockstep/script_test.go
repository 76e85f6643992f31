package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets more scripts run at once than there are processors: they wait for
// stacks most of their time. A -parallel of the command line wins.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"lockstep": main})
}

// TestScripts runs the program as a whole: the real command line and the real
// SDK in a process of its own, against a simulated AWS of the script's own.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: setUpScript,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":      exits,
			"fault":      fault,
			"heal":       heal,
			"hand":       hand,
			"calls":      countCalls,
			"called":     countCallsOf,
			"forget":     forgetCalls,
			"sample":     unpackSample,
			"substitute": substitute,
			"same":       sameFiles,
			"create":     createStack,
			"await":      awaitStatus,
			"delete":     deleteStack,
			"pad":        padFile,
			"endpoint":   serveEndpoint,
			"job":        job,
			"pull":       openPull,
			"commit":     commitFile,
			"branch":     setBranch,
			"hub":        describeHub,
			"label":      setLabel,
			"enterprise": moveHub,
			"tunnelled":  describeTunnel,
			"gitbase":    nameCheckout,
			"excerpt":    excerpted,
		},
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") == "1",
	})
}

const (
	cloudKey     = "cloud"
	forgottenKey = "forgotten" // how many calls a script does not count
)

func setUpScript(env *testscript.Env) error {
	cloud, err := awssim.New(awssim.Options{Seed: 1, Speed: 200})
	if err != nil {
		return err
	}
	server := httptest.NewServer(cloud)
	env.Defer(server.Close)
	env.Values[cloudKey], env.Values[forgottenKey] = cloud, new(int)
	if err := startHub(env); err != nil {
		return err
	}
	env.Setenv("AWS_ENDPOINT_URL", server.URL)
	env.Setenv("AWS_ACCESS_KEY_ID", "script")
	env.Setenv("AWS_SECRET_ACCESS_KEY", "script")
	env.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	env.Setenv("AWS_CONFIG_FILE", filepath.Join(env.WorkDir, "no-aws-config"))
	env.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(env.WorkDir, "no-aws-credentials"))
	env.Setenv("HOME", env.WorkDir)
	env.Setenv("NO_COLOR", "1")
	return nil
}

// exits CODE program args...: the program must end with exactly this code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE program args...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("run %s: %v", args[1], err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// fault FILE: puts the faults in the file (YAML) in force.
func fault(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: fault FILE")
	}
	response, err := http.Post(ts.Getenv("AWS_ENDPOINT_URL")+"/_lockstep/faults", "application/yaml", strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(response.Body)
		ts.Fatalf("fault %s: %s", args[0], text)
	}
}

// heal: takes all faults out of force.
func heal(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Value(cloudKey).(*awssim.Cloud).ClearFaults()
}

// hand METHOD REGION SERVICE PATH [BODY]: a change by hand, as the AWS CLI
// would make it. "{TYPE,PREFIX}" in PATH or BODY becomes the physical id of the
// resource in that Region; "{TYPE,PREFIX,REGION}" of one in another.
// SERVICE may carry a target for JSON services, as in ssm:AmazonSSM.DeleteParameter.
func hand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: hand METHOD REGION SERVICE PATH [BODY]")
	}
	d := &demonstration{cloud: ts.Value(cloudKey).(*awssim.Cloud), endpoint: ts.Getenv("AWS_ENDPOINT_URL")}
	path, body := expandIDs(ts, d, args[1], args[3]), ""
	if len(args) > 4 {
		body = expandIDs(ts, d, args[1], strings.Join(args[4:], " "))
	}
	service, target, _ := strings.Cut(args[2], ":")
	request, err := http.NewRequest(args[0], d.endpoint+path, strings.NewReader(body))
	ts.Check(err)
	if target != "" {
		request.Header.Set("X-Amz-Target", target)
		request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	} else {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=script/20260101/"+args[1]+"/"+service+"/aws4_request, SignedHeaders=host, Signature=00")
	response, err := http.DefaultClient.Do(request)
	ts.Check(err)
	defer response.Body.Close()
	if text, _ := io.ReadAll(response.Body); response.StatusCode >= 300 {
		ts.Fatalf("hand: %s: %s", response.Status, text)
	}
}

// expandIDs replaces "{TYPE,PREFIX[,REGION]}" by a physical id.
func expandIDs(ts *testscript.TestScript, d *demonstration, region, s string) string {
	for {
		start := max(strings.Index(s, "{AWS::"), strings.Index(s, "{sim::"))
		if start < 0 {
			return s
		}
		end := start + strings.Index(s[start:], "}")
		words := strings.Split(s[start+1:end], ",")
		where := region
		if len(words) == 3 {
			where = words[2]
		}
		id, err := d.physicalID(where, words[0], words[1])
		ts.Check(err)
		s = s[:start] + id + s[end+1:]
	}
}

// calls OPERATION COUNT: the operation was called that often so far.
func countCalls(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: calls OPERATION COUNT")
	}
	expectCalls(ts, neg, args, func(e awssim.Entry) bool { return e.Operation == args[0] })
}

// called REGION COUNT: so many calls arrived in the Region.
func countCallsOf(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: called REGION COUNT")
	}
	expectCalls(ts, neg, args, func(e awssim.Entry) bool { return e.Region == args[0] })
}

func expectCalls(ts *testscript.TestScript, neg bool, args []string, counts func(awssim.Entry) bool) {
	n := 0
	for _, entry := range ts.Value(cloudKey).(*awssim.Cloud).Calls()[*ts.Value(forgottenKey).(*int):] {
		if counts(entry) {
			n++
		}
	}
	if equal := fmt.Sprint(n) == args[1]; equal == neg {
		ts.Fatalf("%s: %d calls", args[0], n)
	}
}

// forget: calls and called count from here on.
func forgetCalls(ts *testscript.TestScript, _ bool, _ []string) {
	*ts.Value(forgottenKey).(*int) = len(ts.Value(cloudKey).(*awssim.Cloud).Calls())
}

// sample: unpacks examples/payments into the work directory.
func unpackSample(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Check(unpacedSample(ts.MkAbs(".")))
}

// unpacedSample unpacks examples/payments with all of AWS's request rates to
// itself: the embedded AWS counts none, and waiting for tokens is not what these
// tests are about.
func unpacedSample(dir string) error {
	files, err := sampleFiles()
	if err != nil {
		return err
	}
	if err := os.CopyFS(dir, files); err != nil {
		return err
	}
	name := filepath.Join(dir, "lockstep.yml")
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(text, "\nread: {quota-share: 100%}\n"...), 0o644)
}

// substitute FILE OLD NEW: replaces text in a file; OLD must be there.
func substitute(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: substitute FILE OLD NEW")
	}
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("substitute: %s does not contain %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(text, args[1], args[2])), 0o644))
}

// same A B: the files are equal, byte by byte.
func sameFiles(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: same A B")
	}
	if equal := bytes.Equal([]byte(ts.ReadFile(args[0])), []byte(ts.ReadFile(args[1]))); equal == neg {
		ts.Fatalf("same: %s and %s: equal is %v", args[0], args[1], equal)
	}
}

// create REGION STACK FILE: creates a stack by hand from a template file.
func createStack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: create REGION STACK FILE")
	}
	_, err := stackCall(ts, args[0], url.Values{"Action": {"CreateStack"}, "StackName": {args[1]}, "TemplateBody": {ts.ReadFile(args[2])}})
	ts.Check(err)
}

// delete REGION STACK: deletes a stack by hand and waits until it is gone.
func deleteStack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: delete REGION STACK")
	}
	_, err := stackCall(ts, args[0], url.Values{"Action": {"DeleteStack"}, "StackName": {args[1]}})
	ts.Check(err)
	awaitStatus(ts, false, []string{"GONE", args[1], args[0]})
}

// await STATUS STACK REGION...: waits until the stack has the status in every
// Region, or with GONE until it exists in none.
func awaitStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: await STATUS STACK REGION...")
	}
	tick, patience := time.NewTicker(10*time.Millisecond), time.After(30*time.Second)
	defer tick.Stop()
	for _, region := range args[2:] {
		for {
			text, err := stackCall(ts, region, url.Values{"Action": {"DescribeStacks"}, "StackName": {args[1]}})
			if err == nil && strings.Contains(text, "<StackStatus>"+args[0]+"</StackStatus>") || err != nil && args[0] == "GONE" {
				break
			}
			select {
			case <-tick.C:
			case <-patience:
				ts.Fatalf("await: %s in %s never became %s: %s %v", args[1], region, args[0], text, err)
			}
		}
	}
}

// stackCall calls CloudFormation as the AWS CLI would.
func stackCall(ts *testscript.TestScript, region string, form url.Values) (string, error) {
	form.Set("Version", "2010-05-15")
	request, err := http.NewRequest(http.MethodPost, ts.Getenv("AWS_ENDPOINT_URL")+"/", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=script/20260101/"+region+"/cloudformation/aws4_request, SignedHeaders=host, Signature=00")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= 300 {
		err = errors.New(response.Status)
	}
	return string(text), err
}

// pad FILE BYTES: lengthens a YAML file with comments to at least that size.
func padFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: pad FILE BYTES")
	}
	size, err := strconv.Atoi(args[1])
	ts.Check(err)
	text := ts.ReadFile(args[0])
	for len(text) < size {
		text += "# " + strings.Repeat("x", 96) + "\n"
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// endpoint VARIABLE FILE: serves an endpoint on loopback until the script ends and
// puts its URL into the variable. It answers what the file holds when it is asked,
// with the status on its first line; without the file, nothing at all. Once it
// was asked there is a file of the same name with .asked behind it.
func serveEndpoint(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: endpoint VARIABLE FILE")
	}
	file := ts.MkAbs(args[1])
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := os.WriteFile(file+".asked", []byte(r.URL.Path+"\n"), 0o644); err != nil {
			panic(err)
		}
		text, err := os.ReadFile(file)
		status, body, _ := strings.Cut(string(text), "\n")
		code, badStatus := strconv.Atoi(status)
		if err != nil || badStatus != nil {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Location", "https://elsewhere.example.com/")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}))
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL)
}
