package config

// Workspace is a Terraform configuration with a state for every Region.
type Workspace struct {
	// Key is "terraform/" and the directory in the reference Region, with the
	// workspace if one is named.
	Key string
	// Dir and Name are by Region; Name may be empty.
	Dir, Name map[string]string
	// VarFiles are paths from the directory, by Region.
	VarFiles map[string][]string
	Env      map[string]string
	Program  string
	Rollback []string
	Pos      Position
}

func (b *builder) workspace(n *node, path string) *Workspace {
	w := &Workspace{
		Dir: texts(b.each(n.get("dir"), path+".dir")), Name: texts(b.each(n.get("workspace"), path+".workspace")),
		VarFiles: b.varFiles(n.get("var-files"), path+".var-files"), Env: map[string]string{},
		Program: n.get("program").value(), Rollback: n.get("rollback").words(), Pos: n.pos,
	}
	for region, dir := range w.Dir {
		w.Dir[region] = cleanPath(dir)
	}
	w.Key = "terraform/" + w.Dir[b.reference]
	if name := w.Name[b.reference]; name != "" {
		w.Key += "/" + name
	}
	if w.Program == "" {
		w.Program = "terraform"
	}
	for _, e := range n.get("env").goodEntries() {
		w.Env[e.key] = e.value.text
	}
	b.ownStates(n, path, w)
	return w
}

// ownStates reports Regions that would share a state.
func (b *builder) ownStates(n *node, path string, w *Workspace) {
	owner := map[[2]string]string{}
	for _, region := range b.regions {
		state := [2]string{w.Dir[region], w.Name[region]}
		if first, taken := owner[state]; taken && state[0] != "" {
			b.add(n.pos, "give each a workspace or a directory of its own", "%s gives %s and %s one state", path, first, region)
			return
		}
		owner[state] = region
	}
}

// varFiles are one list for all Regions or one for each.
func (b *builder) varFiles(n *node, path string) map[string][]string {
	files := map[string][]string{}
	if n == nil {
		return files
	}
	if n.kind == kindSequence {
		for _, region := range b.regions {
			files[region] = n.words()
		}
		return files
	}
	for region, own := range b.each(n, path) {
		files[region] = own.words()
	}
	return files
}
