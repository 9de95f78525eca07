// Command charts renders Istio's charts, out of its module, as Helm does: it
// reads one release a line (JSON) and prints one answer a line.
//
//	charts < releases.jsonl > answers.jsonl
//
// With the argument mesh it renders nothing, but reads the text of a mesh config
// a line, a JSON string, and prints what istiod takes it for, its defaults
// included.
//
//	charts mesh < configs.jsonl > answers.jsonl
//
// With the argument inject it reads what an injector is told and a pod, and
// prints the pod as the injector makes it.
//
//	charts inject < pods.jsonl > answers.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	"istio.io/istio/manifests"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/kube/inject"
)

// release is what `helm install NAME CHART -n NAMESPACE -f VALUES -f VALUES` is told.
type release struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
	// Chart is the folder of the chart, below charts/ of Istio's manifests.
	Chart string `json:"chart"`
	// Values are texts of YAML; what a later one says counts.
	Values []string `json:"values"`
}

// injection is a pod, and the texts of the ConfigMaps that istiod's injector reads.
type injection struct {
	Config   string `json:"config"`
	Values   string `json:"values"`
	Mesh     string `json:"mesh"`
	Revision string `json:"revision"`
	// Pod is a manifest in YAML.
	Pod string `json:"pod"`
}

// answer has the manifests by the template that they come from, or the mesh
// config, or the pod, or why there is none.
type answer struct {
	Manifests map[string]string `json:"manifests,omitempty"`
	Pod       string            `json:"pod,omitempty"`
	Mesh      json.RawMessage   `json:"mesh,omitempty"`
	Refused   string            `json:"refused,omitempty"`
}

func main() {
	answerers := map[string]func([]byte) (answer, error){"": rendered, "mesh": meshConfig, "inject": injected}
	answerOf, known := answerers[strings.Join(os.Args[1:], " ")]
	if !known {
		fmt.Fprintln(os.Stderr, "charts: expected no argument, mesh or inject")
		os.Exit(2)
	}
	if err := answerAll(answerOf); err != nil {
		fmt.Fprintln(os.Stderr, "charts:", err)
		os.Exit(1)
	}
}

func answerAll(answerOf func([]byte) (answer, error)) error {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	output := json.NewEncoder(os.Stdout)
	output.SetEscapeHTML(false)
	for lines.Scan() {
		said, err := answerOf(lines.Bytes())
		if err != nil {
			said = answer{Refused: err.Error()}
		}
		if err := output.Encode(said); err != nil {
			return err
		}
	}
	return lines.Err()
}

// meshConfig reads a mesh config as istiod reads its ConfigMap.
func meshConfig(line []byte) (answer, error) {
	var text string
	if err := json.Unmarshal(line, &text); err != nil {
		return answer{}, err
	}
	config, err := mesh.ApplyMeshConfigDefaults(text)
	if err != nil {
		return answer{}, err
	}
	said, err := protojson.Marshal(config)
	return answer{Mesh: said}, err
}

// injected does what istiod's injector does with a pod.
func injected(line []byte) (answer, error) {
	var asked injection
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{}, err
	}
	config, err := inject.UnmarshalConfig([]byte(asked.Config))
	if err != nil {
		return answer{}, err
	}
	templates, err := inject.ParseTemplates(config.RawTemplates)
	if err != nil {
		return answer{}, err
	}
	values, err := inject.NewValuesConfig(asked.Values)
	if err != nil {
		return answer{}, err
	}
	meshConfig, err := mesh.ApplyMeshConfigDefaults(asked.Mesh)
	if err != nil {
		return answer{}, err
	}
	var pod strings.Builder
	err = inject.IntoResourceFile(nil, templates, values, asked.Revision, meshConfig, strings.NewReader(asked.Pod), &pod, func(string) {})
	return answer{Pod: pod.String()}, err
}

// rendered does what `helm template` does: values are merged and, where the chart
// has a schema, held against it.
func rendered(line []byte) (answer, error) {
	var asked release
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{}, err
	}
	values := map[string]any{}
	for _, text := range asked.Values {
		one, err := loader.LoadValues(strings.NewReader(text))
		if err != nil {
			return answer{}, err
		}
		values = loader.MergeMaps(values, one)
	}
	files, err := chartFiles(manifests.FS, path.Join("charts", asked.Chart))
	if err != nil {
		return answer{}, err
	}
	chart, err := loader.LoadFiles(files)
	if err != nil {
		return answer{}, err
	}
	options := common.ReleaseOptions{Name: asked.Name, Namespace: asked.Namespace, Revision: 1, IsInstall: true}
	all, err := util.ToRenderValues(chart, values, options, common.DefaultCapabilities)
	if err != nil {
		return answer{}, err
	}
	texts, err := engine.Render(chart, all)
	if err != nil {
		return answer{}, err
	}
	for name, text := range texts {
		if strings.TrimSpace(text) == "" || path.Base(name) == "NOTES.txt" {
			delete(texts, name)
		}
	}
	return answer{Manifests: texts}, nil
}

// chartFiles reads the files of a chart, in the order of their paths.
func chartFiles(root fs.FS, folder string) ([]*archive.BufferedFile, error) {
	var files []*archive.BufferedFile
	err := fs.WalkDir(root, folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		files = append(files, &archive.BufferedFile{Name: strings.TrimPrefix(name, folder+"/"), Data: data})
		return err
	})
	return files, err
}
