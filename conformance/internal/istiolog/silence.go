// Package istiolog keeps istiod's log away from stdout, which carries verdicts.
package istiolog

import (
	"fmt"
	"os"

	"istio.io/istio/pkg/log"
)

// Silence switches the log off, and gives the real stdout to the caller alone:
// whatever else prints there ends up on stderr.
func Silence() (stdout *os.File, err error) {
	options := log.DefaultOptions()
	options.OutputPaths = []string{"stderr"}
	options.ErrorOutputPaths = []string{"stderr"}
	options.SetDefaultOutputLevel("all", log.NoneLevel)
	if err := log.Configure(options); err != nil {
		return nil, fmt.Errorf("silencing istiod's log: %w", err)
	}
	stdout, os.Stdout = os.Stdout, os.Stderr
	return stdout, nil
}
