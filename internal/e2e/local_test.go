package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// recipe is docs/local.md: its commands and files, in order, and a directory in
// which they are carried out as they are printed. Three things differ from a
// person's machine: the port is one that is free, the clone's action.yml names an
// image that is built already, and act's own settings say which image runs jobs.
type recipe struct {
	t      *testing.T
	blocks []block
	dir    string
	env    []string
	port   string
}

type block struct{ language, text string }

var fenced = regexp.MustCompile("(?ms)^( *)```(sh|yaml)\n(.*?)^ *```$")

func newRecipe(t *testing.T) *recipe {
	t.Helper()
	need(t, "act", "docker", "busybox", "aws")
	image(t)
	runnerImage(t)
	text, err := os.ReadFile(filepath.Join(repository, "docs", "local.md"))
	if err != nil {
		t.Fatal(err)
	}
	r := &recipe{t: t, dir: t.TempDir(), port: fmt.Sprint(freePort(t))}
	for _, m := range fenced.FindAllStringSubmatch(string(text), -1) {
		body := regexp.MustCompile("(?m)^"+m[1]).ReplaceAllString(m[3], "")
		r.blocks = append(r.blocks, block{m[2], strings.ReplaceAll(body, "4599", r.port)})
	}
	clone := filepath.Join(r.dir, "lockstep")
	if err := os.CopyFS(filepath.Join(clone, "examples"), os.DirFS(filepath.Join(repository, "examples"))); err != nil {
		t.Fatal(err)
	}
	r.write(filepath.Join(clone, "action.yml"), actionWithTestImage(t))
	home := t.TempDir()
	r.write(filepath.Join(home, ".config", "act", "actrc"), "-P ubuntu-latest="+actRunner+"\n--pull=false\n--rm\n--no-cache-server\n")
	r.env = []string{"HOME=" + home, "XDG_CONFIG_HOME=" + filepath.Join(home, ".config"), "XDG_CACHE_HOME=" + filepath.Join(home, ".cache"),
		"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "PATH=" + filepath.Dir(lockstep(t)) + ":" + os.Getenv("PATH")}
	return r
}

func (r *recipe) write(path, text string) {
	r.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

// block is the next block that begins with some words; those before it are over.
func (r *recipe) block(beginning string) string {
	r.t.Helper()
	i := slices.IndexFunc(r.blocks, func(b block) bool { return strings.HasPrefix(b.text, beginning) })
	if i < 0 {
		r.t.Fatalf("docs/local.md has no block that begins with %q any more, or not in this order", beginning)
	}
	text := r.blocks[i].text
	r.blocks = r.blocks[i+1:]
	return text
}

// shell carries out commands in the directory where a reader stands then.
func (r *recipe) shell(directory, commands string) result {
	r.t.Helper()
	return runIn(r.t, filepath.Join(r.dir, directory), r.env, "sh", "-e", "-c", commands)
}

func (r *recipe) works(directory, commands string) {
	r.t.Helper()
	if got := r.shell(directory, commands); got.code != 0 {
		r.t.Fatalf("exit code %d of:\n%s", got.code, commands)
	}
}

// says checks how act ended and what the gate said.
func (r *recipe) says(got result, code int, words string) {
	r.t.Helper()
	if got.code != code || !regexp.MustCompile(`(?m)^.*\| `+words+`  `).MatchString(got.output) {
		r.t.Errorf("exit code %d, want %d and %s", got.code, code, words)
	}
}

// TestTheLocalRecipe does what docs/local.md says, on both simulated AWS.
func TestTheLocalRecipe(t *testing.T) {
	r := newRecipe(t)
	r.works("", r.block("cp -r"))
	sim := strings.Fields(r.block("lockstep sim"))
	serve(t, "http://127.0.0.1:"+r.port+"/_lockstep/", nil, lockstep(t), sim[1:]...)
	setting := r.block("export")
	r.works("shop", setting)
	r.write(filepath.Join(r.dir, "fake-credentials", "action.yml"), r.block("name: fake credentials"))
	gate := r.block("act pull_request")
	r.says(r.shell("shop", gate), 0, "READY")
	export, _, _ := strings.Cut(setting, "\n") // in a reader's shell it still holds
	r.works("shop", export+"\n"+r.block("aws "))
	r.says(r.shell("shop", gate), 1, "NOT READY")
}

func TestTheLocalRecipeOnMoto(t *testing.T) {
	need(t, "moto_server")
	r := newRecipe(t)
	r.works("", r.block("cp -r"))
	r.write(filepath.Join(r.dir, "fake-credentials", "action.yml"), r.block("name: fake credentials"))
	moto := strings.Fields(r.block("moto_server"))
	serve(t, "http://127.0.0.1:"+r.port+"/moto-api/", nil, moto[0], moto[1:]...)
	r.works("shop", r.block("export"))
	r.says(r.shell("shop", r.block("act pull_request")), 1, "UNKNOWN")
}
