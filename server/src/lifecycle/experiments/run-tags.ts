/** The tag that holds a run's name too, as MLflow's clients expect. */
export const RUN_NAME_TAG = "mlflow.runName";

/** The tag that holds the note of a run or an experiment: Markdown. */
export const NOTE_TAG = "mlflow.note.content";
