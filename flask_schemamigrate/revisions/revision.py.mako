"""${docstring}

Revises: ${revises}
Created: ${created}
"""
${import_block}
revision = ${literal(revision)}
down_revision = ${literal(down_revision, "down_revision = ")}
branch_labels = ${literal(branch_labels, "branch_labels = ")}
depends_on = ${literal(depends_on, "depends_on = ")}
% for function in functions:


${function}
% endfor
